import importlib.util,importlib.metadata,importlib.resources,sys,types,pkgutil,os,tempfile
d=tempfile.mkdtemp()
def w(n,t):
    with open(os.path.join(d,n),"w") as f: f.write(t)
w("mm.py","x=1");sys.path.insert(0,d);import mm;print(mm.x,mm.__spec__.loader.__class__.__name__,os.path.exists(mm.__cached__));w("mm.py","x=22");importlib.reload(mm);print(mm.x)
s=importlib.util.spec_from_file_location('zz',d+'/mm.py');m=importlib.util.module_from_spec(s);s.loader.exec_module(m);print(m.x,m.__name__,importlib.util.find_spec('json').name,'mm' in [q.name for q in pkgutil.iter_modules([d])])
class F:
 def find_spec(self,n,p,t=None):
  if n=='virtual': return importlib.util.spec_from_loader(n,self)
 def create_module(self,s): return None
 def exec_module(self,m): m.v=9
sys.meta_path.insert(0,F());import virtual;print(virtual.v);import json.tool;print(json.tool.__name__,importlib.util.resolve_name('.x','a.b'))
try: import mm.sub
except ImportError as e: print(e)
del sys.modules["mm"]; os.remove(d+"/mm.py"); import shutil; shutil.rmtree(d+"/__pycache__"); w("random.py","mine=1"); sys.modules.pop("random",None); import random; print(random.mine)
sys.modules["blocked"]=None
try: import blocked
except ImportError as e: print(e)
os.mkdir(d+"/ns"); w("ns/inner.py","from . import other\ny=other.z"); w("ns/other.py","z=3"); import ns.inner; print(ns.inner.y, list(ns.__path__)==[d+"/ns"])
w("circ_a.py","import circ_b\nq=1"); w("circ_b.py","from circ_a import q")
try: import circ_a
except ImportError as e: print(str(e).split(" (/")[0])
w("bad.py","raise KeyError('k')")
import traceback
try: import bad
except KeyError: print([f.name+":"+os.path.basename(f.filename) for f in traceback.extract_tb(sys.exc_info()[2])][1:])
import threading
w("slow.py","import time\ntime.sleep(0.1)\ndone=1")
out=[]
def f():
    import slow; out.append(slow.done)
ts=[threading.Thread(target=f) for _ in range(4)]; [t.start() for t in ts]; [t.join() for t in ts]; print(out)
print([getattr(sys.modules[n],"__spec__",0).name for n in ("json","sys","threading","os")], __spec__, importlib.import_module("os.path").__name__)
print(json.__loader__.get_source("json")[:3], json.__loader__.is_package("json"), json.__spec__.submodule_search_locations==json.__path__)
