# flags: -W error
import warnings
try:
    warnings.warn("careful")
except UserWarning as error:
    print("raised", error)
