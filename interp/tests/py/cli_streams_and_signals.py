import os, signal, subprocess, sys, tempfile, time, zipfile
def shell(text):
    r = subprocess.run(["bash", "-c", text.replace("EXE", sys.executable)], capture_output=True, text=True)
    return r.stdout, r.stderr.strip().splitlines()[-1:]
print(shell("EXE -c 'print(1)' > /dev/full; echo $?"))
print(shell("EXE -c 'for i in range(100000): print(i)' | true; echo ${PIPESTATUS[0]}"))
print(shell("EXE -c 'import sys; sys.stdout.close()'; echo $?"))
threads = "import threading\nthreading.Thread(target=lambda: [print(i) for i in range(50000)]).start()\nfor i in range(50000): print(i)"
print(shell(f"EXE -c '{threads}' | head -1 > /dev/null; test ${{PIPESTATUS[0]}} != 0 && echo failed"))
for code in ("while True: pass", "sorted(iter(lambda: 1, 2), key=lambda x: x)", "import threading; l = threading.Lock(); l.acquire(); l.acquire()", "import threading\nthreading.Thread(target=lambda: [0 for _ in iter(int, 1)], daemon=True).start()\nwhile True: pass"):
    p = subprocess.Popen([sys.executable, "-c", "print('up', flush=True)\n" + code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    p.stdout.readline()
    time.sleep(0.2)
    p.send_signal(signal.SIGINT)
    print(p.communicate()[1].splitlines()[-1], p.returncode)
with tempfile.TemporaryDirectory() as d:
    archive = os.path.join(d, "z.zip")
    with zipfile.ZipFile(archive, "w") as z:
        z.writestr("__main__.py", "import sys, inside; print(__name__, sys.argv[1:], sys.path[0] == sys.argv[0])")
        z.writestr("inside.py", "print('inside', __file__.endswith('z.zip/inside.py'))")
    os.mkdir(os.path.join(d, "empty"))
    for args in ([archive, "a"], [os.path.join(d, "empty")], ["-m", "nosuchmodule"], ["-X", "foo", "-X", "a=b", "-c", "import sys; print(sys._xoptions)"], ["-W", "bad", "-c", "pass"], ["-I", "-c", "import sys; print(sys.flags.isolated, '' in sys.path)"]):
        r = subprocess.run([sys.executable, *args], capture_output=True, text=True, input="")
        print(r.returncode, r.stdout, r.stderr.replace(sys.executable, "EXE").replace(d, "D").splitlines()[-1:])
