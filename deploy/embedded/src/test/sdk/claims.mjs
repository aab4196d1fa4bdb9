// Runs claims one after the other and says how many are wrong.
export async function run(claims) {
  let wrong = 0;
  for (const [name, claim] of Object.entries(claims)) {
    try {
      await claim();
    } catch (fault) {
      wrong++;
      console.log(`${name}: ${fault.stack}`);
    }
  }
  console.log(`${Object.keys(claims).length} claims, ${wrong} wrong`);
  process.exit(wrong === 0 ? 0 : 1);
}
