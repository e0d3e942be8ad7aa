def f(kind):
    try:
        if kind:
            raise kind
        return "no error"
    except ValueError as error:
        return f"value {error}"
    except (KeyError, IndexError) as error:
        return f"lookup {error!r}"
    except Exception:
        return "other"
    else:
        return "else"
    finally:
        print("finally", kind)
print(f(None), f(ValueError("v")), f(KeyError("k")), f(IndexError), f(TypeError))
try:
    try:
        raise KeyError(1)
    except ValueError:
        print("not here")
except LookupError as error:
    print("outer", type(error).__name__)
try:
    pass
except:
    pass
else:
    print("else runs")
try:
    raise ValueError
except:
    print("bare")
