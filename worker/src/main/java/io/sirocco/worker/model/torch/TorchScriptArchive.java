package io.sirocco.worker.model.torch;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes TorchScript source into the form that libtorch loads: an archive that holds code and an
 * object of its class without attributes, but no tensors.
 *
 * <p>The form is that of {@code torch.jit.save}: an uncompressed zip with the code, the object as a
 * Python pickle (protocol 2), and an empty tuple of constants.
 *
 * <p>Stateless.
 */
final class TorchScriptArchive {
  private static final byte[] PICKLE_PROTOCOL_2 = {(byte) 0x80, 2};
  private static final byte[] EMPTY_TUPLE = {')', '.'};

  /** Makes the object and begins its attributes: NEWOBJ on an empty tuple, EMPTY_DICT, MARK. */
  private static final byte[] NEW_OBJECT = {')', (byte) 0x81, '}', '('};

  /** The attribute {@code training} is false: BINUNICODE, NEWFALSE, SETITEMS, BUILD, STOP. */
  private static final byte[] NOT_TRAINING = {
    'X', 8, 0, 0, 0, 't', 'r', 'a', 'i', 'n', 'i', 'n', 'g', (byte) 0x89, 'u', 'b', '.'
  };

  private TorchScriptArchive() {}

  /** Returns the archive of a program whose main class is {@code className}. */
  static byte[] write(String source, String className) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(ZipOutputStream.STORED);
      byte[] type = ("c__torch__\n" + className + "\n").getBytes(US_ASCII);
      put(zip, "version", "3\n".getBytes(US_ASCII));
      put(zip, "data.pkl", join(PICKLE_PROTOCOL_2, type, NEW_OBJECT, NOT_TRAINING));
      put(zip, "code/__torch__.py", source.getBytes(UTF_8));
      put(zip, "constants.pkl", join(PICKLE_PROTOCOL_2, EMPTY_TUPLE));
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  /** Entries that are not compressed need their size and checksum before their content. */
  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    ZipEntry entry = new ZipEntry("program/" + name);
    entry.setSize(content.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }
}
