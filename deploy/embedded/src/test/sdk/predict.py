"""The examples of /predict with requests: python3 predict.py URL, with the key "ann-key"."""
import sys

import requests

base = sys.argv[1].removesuffix("/v1")
headers = {"Authorization": "Api-Key ann-key"}
question = {
    "messages": [{"role": "user", "content": "What is a mistral?"}],
    "max_tokens": 12,
    "do_sample": False,
}

whole = requests.post(base + "/predict", headers=headers, json=question, timeout=60)
assert whole.status_code == 200, whole.text
text = whole.json()
assert isinstance(text, str) and text, text

stream = requests.post(
    base + "/predict", headers=headers, json={**question, "stream": True}, stream=True, timeout=60
)
pieces = [piece.decode() for piece in stream.iter_content(chunk_size=None)]
assert "".join(pieces) == text, pieces

library = requests.post(
    base + "/production/predict",
    headers=headers,
    json={"prompt": "What is a mistral?", "max_new_tokens": 12, "temperature": 0},
    timeout=60,
)
output = library.json()["output"]
assert output.endswith(text) and "[INST] What is a mistral? [/INST]" in output, output
assert requests.post(base + "/predict", json=question, timeout=60).status_code == 401
print("4 claims, 0 wrong")
