# Steps of async generators that nobody awaited are warned of when they die.
import gc, warnings
async def agen():
    yield 1
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter('always')
    def f():
        g=agen()
        g.asend(None); g.aclose(); g.athrow(ValueError)
        g.asend(None).close()
        s=agen().asend(None)
        try: s.send(None)
        except StopIteration as e: print(e.value)
        async def m():
            async for x in agen(): pass
            await agen().aclose()
        try: m().send(None)
        except StopIteration: pass
    f()
    gc.collect(); gc.collect()
    [ (lambda: None)() for i in range(100) ]
    gc.collect()
print(sorted(str(x.message) for x in w), {x.category for x in w})
