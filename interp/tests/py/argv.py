# args: one two -x --flag=3 é
import sys
print(sys.argv[1:], len(sys.argv), sys.argv[0].endswith("argv.py"))
