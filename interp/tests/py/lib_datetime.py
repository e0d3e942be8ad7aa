from datetime import date, datetime, timedelta, timezone, time
d = date(2024, 2, 28)
print(d + timedelta(days=2), d.weekday(), d.isoformat(), d.strftime("%Y/%m/%d %a %j"), date.fromisoformat("2024-12-25") - d, d.replace(year=2023), d < date(2025, 1, 1), tuple(d.isocalendar()), d.timetuple().tm_yday)
t = datetime(2024, 1, 2, 3, 4, 5, 678900, tzinfo=timezone.utc)
print(t, repr(t), t.isoformat(), t.timestamp(), t + timedelta(hours=25, minutes=-3), datetime.strptime("2024-05-06 07:08", "%Y-%m-%d %H:%M"), t.astimezone(timezone(timedelta(hours=2))), datetime.fromtimestamp(0, timezone.utc), datetime.fromisoformat("2024-01-02T03:04:05+01:00"), t.date(), t.time())
x = timedelta(days=1, seconds=3661, microseconds=5)
print(x, repr(x), x.total_seconds(), x * 2, x / 2, -x, x // timedelta(hours=1), abs(-x), divmod(x, timedelta(hours=5)), time(1, 2, 3), timedelta(0) or "zero")
for call in (lambda: date(2024, 13, 1), lambda: date(2023, 2, 29), lambda: datetime(2024, 1, 1) < t, lambda: date.fromisoformat("x"), lambda: d + 1):
    try:
        call()
    except Exception as error:
        print(type(error).__name__)
