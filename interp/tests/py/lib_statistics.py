import statistics as s
d = [1, 2, 2, 3, 4, 9]
print(s.mean(d), s.median(d), s.mode(d), s.stdev(d), s.variance(d), s.pstdev(d), s.quantiles(d, n=4), s.fmean(d), s.harmonic_mean([1, 2]), s.multimode("aabb"), s.median_low(d), s.geometric_mean([1, 4]), s.correlation([1, 2, 3], [2, 4, 7]), s.linear_regression([1, 2, 3], [2, 4, 6]))
try:
    s.mean([])
except s.StatisticsError as error:
    print(error)
print(s.NormalDist(0, 1).cdf(1.5))
