# flags: -X name=value -X other
import sys
print(sys._xoptions["name"], sys._xoptions["other"])
