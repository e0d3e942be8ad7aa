import subprocess, sys
r = subprocess.run([sys.executable, "-c", "import sys; print(sys.argv[1:]); sys.exit(3)", "a"], capture_output=True, text=True)
print(r.returncode, r.stdout, r.stderr)
print(subprocess.check_output(["echo", "hi"]), subprocess.run(["cat"], input=b"in", capture_output=True).stdout)
try:
    subprocess.run(["false"], check=True)
except subprocess.CalledProcessError as error:
    print(error)
try:
    subprocess.run(["/nope/nothing"])
except FileNotFoundError as error:
    print(error)
