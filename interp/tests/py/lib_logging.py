import logging, io, sys
out = io.StringIO()
logging.basicConfig(stream=out, format="%(levelname)s:%(name)s:%(message)s", level=logging.INFO)
log = logging.getLogger("app.sub")
log.debug("hidden"); log.info("info %d", 1); log.warning("warn %s", "w")
try:
    1 / 0
except ZeroDivisionError:
    log.exception("failed")
lines = out.getvalue().splitlines()
print(lines[:3], lines[-1], log.getEffectiveLevel(), log.parent.name, logging.getLevelName(20))
h = logging.StreamHandler(sys.stdout); h.setFormatter(logging.Formatter("{levelname} {message}", style="{"))
log.addHandler(h); log.propagate = False; log.error("direct")
class F(logging.Filter):
    def filter(self, r): return "secret" not in r.getMessage()
log.addFilter(F()); log.error("secret x"); log.error("public")
