# Reads pairs.csv, writes gain.json: what R and its packages say.
library(jsonlite)
suppressMessages(library(exactRankTests))
d <- read.csv("pairs.csv", stringsAsFactors = FALSE)
out <- list()
for (name in unique(d$set)) {
  x <- d[d$set == name, ]
  max <- x$max[1]; pre <- x$pre; post <- x$post
  diff <- round(post - pre, 9)          # 0.3 - 0.2 and 0.2 - 0.1 shall tie
  t <- t.test(diff)
  moved <- diff[diff != 0]
  walsh <- outer(moved, moved, "+") / 2
  normal <- suppressWarnings(wilcox.test(diff, exact = FALSE, correct = TRUE))
  exact <- if (length(moved) <= 100) wilcox.exact(moved, exact = TRUE)$p.value else NA
  r <- rank(abs(moved))
  change <- ifelse(diff > 0, diff / (max - pre), ifelse(diff < 0, diff / pre, 0))
  counted <- !(diff == 0 & (pre == 0 | pre == max))
  df <- length(diff) - 1
  out[[name]] <- list(
    mean_pre = mean(pre), mean_post = mean(post), sd_pre = sd(pre), sd_post = sd(post),
    hake_class = (mean(post) - mean(pre)) / (max - mean(pre)),
    hake_individual_mean = mean(((post - pre) / (max - pre))[pre < max]),
    normalised_change = mean(change[counted]),
    t = unname(t$statistic), df = df, p = t$p.value, low = t$conf.int[1], high = t$conf.int[2],
    dz = mean(diff) / sd(diff), d_av = mean(diff) / ((sd(pre) + sd(post)) / 2),
    hedges = mean(diff) / sd(diff) * exp(lgamma(df / 2) - lgamma((df - 1) / 2) - log(df / 2) / 2),
    w_plus = sum(r[moved > 0]), w_minus = sum(r[moved < 0]),
    p_exact = exact, p_continuity = normal$p.value,
    rank_biserial = (sum(r[moved > 0]) - sum(r[moved < 0])) / sum(r),
    hodges_lehmann = median(walsh[upper.tri(walsh, diag = TRUE)]))
}
write_json(out, "gain.json", digits = I(16), auto_unbox = TRUE, pretty = TRUE, na = "null")
