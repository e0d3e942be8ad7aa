# Names of codecs that cannot be, and halves of surrogate pairs in UTF-7.
for raw in (b'a+2AE\xffb', b'a+IKzYAQ\xffb', b'a+IKwgrNgB\xffb', b'+2AE', b'+2AE-', b'+2AEx'):
    print(ascii(raw.decode('utf-7','replace')))
import codecs
try: codecs.lookup('\udcfe')
except Exception as e: print(type(e), ascii(str(e)))
try: 'a'.encode('\udcfe')
except Exception as e: print(type(e), ascii(str(e)))
try: 'a'.encode('x\0y')
except Exception as e: print(type(e), ascii(str(e)))
