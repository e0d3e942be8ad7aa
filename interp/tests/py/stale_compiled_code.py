# Compiled code of another version is compiled anew, never run and never an error.
import importlib.util, os, subprocess, sys, tempfile
print(len(importlib.util.MAGIC_NUMBER), importlib.util.MAGIC_NUMBER[2:])
with tempfile.TemporaryDirectory() as folder:
    source = os.path.join(folder, "stale.py")
    with open(source, "w") as file:
        file.write("value = 'from the source'\n")
    compiled = importlib.util.cache_from_source(source)
    env = {**os.environ, "PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": ""}
    def run():
        command = [sys.executable, "-c", "import stale; print(stale.value)"]
        print(subprocess.run(command, env=env, capture_output=True, text=True).stdout, end="")
    run()
    with open(compiled, "rb") as file:
        good = file.read()
    print(good[:4] == importlib.util.MAGIC_NUMBER)
    other = bytes([good[0] ^ 1]) + good[1:16] + b"of another version"
    with open(compiled, "wb") as file:
        file.write(other)
    run()
    with open(compiled, "rb") as file:
        print(file.read() == good)
