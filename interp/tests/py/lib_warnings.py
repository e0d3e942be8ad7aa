import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    warnings.warn("first")
    warnings.warn("dep", DeprecationWarning)
    eval("1 is 1")
print([(w.category.__name__, str(w.message)) for w in caught])
with warnings.catch_warnings():
    warnings.simplefilter("error")
    try:
        warnings.warn("boom", RuntimeWarning)
    except RuntimeWarning as error:
        print("raised", error)
@warnings.deprecated("use g")
def f(): return 1
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    print(f(), caught[0].message)
