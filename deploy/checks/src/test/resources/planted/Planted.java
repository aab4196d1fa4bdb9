final class Planted {
  String model(io.sirocco.contracts.chat.ChatRequest request) {
    return request.modelName();
  }
}
