import subprocess, sys
r = subprocess.run([sys.executable, "-u", "-c", "import sys; print('a'); print('b', file=sys.stderr); print('c')"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
print(r.stdout.split())
