# Writes boot.json: what the package boot makes of pairs.csv with 200,000 resamples,
# to compare whole bootstraps within their chance.
library(boot); library(jsonlite)
d <- read.csv("pairs.csv", stringsAsFactors = FALSE)
out <- list()
for (name in c("promised", "class", "loss", "ceiling", "large")) {
  x <- d[d$set == name, ]
  set.seed(1)
  b <- boot(x, function(x, i) {
    x <- x[i, ]; c(mean(x$post - x$pre), mean(x$post - x$pre) / (x$max[1] - mean(x$pre)))
  }, R = if (nrow(x) > 100) 50000 else 200000)
  l <- empinf(b, index = 1, type = "jack"); l2 <- empinf(b, index = 2, type = "jack")
  one <- boot.ci(b, type = c("perc", "bca"), index = 1, L = l)
  two <- boot.ci(b, type = c("perc", "bca"), index = 2, L = l2)
  out[[name]] <- list(mean_percentile = one$percent[4:5], mean_bca = one$bca[4:5], hake_percentile = two$percent[4:5], hake_bca = two$bca[4:5],
                      mean_spread = sd(b$t[, 1]), hake_spread = sd(b$t[, 2]))
}
write_json(out, "boot.json", digits = I(16), auto_unbox = TRUE, pretty = TRUE)
