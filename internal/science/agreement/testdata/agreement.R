# Reads ratings.csv, writes agreement.json: ICC and kappa by the package psych,
# the rest by R's own means.
library(jsonlite); suppressMessages(library(psych))
d <- read.csv("ratings.csv")
out <- list()
for (name in unique(d$set)) {
  x <- d[d$set == name, ]
  wide <- tapply(x$value, list(x$unit, x$rater), sum)
  whole <- wide[complete.cases(wide), , drop = FALSE]
  r <- list()
  if (nrow(whole) > 2) {
    i <- suppressWarnings(suppressMessages(ICC(whole, lmer = FALSE)))$results
    r$icc <- list(value = i$ICC, low = i$`lower bound`, high = i$`upper bound`, units = nrow(whole))
  }
  # one way with what is there: the analysis of variance itself
  some <- x[!is.na(x$value), ]
  some <- some[some$unit %in% names(which(table(some$unit) > 1)), ]
  a <- anova(lm(value ~ factor(unit), some))
  m <- as.vector(table(some$unit)); n <- length(m); k <- (sum(m) - sum(m^2) / sum(m)) / (n - 1)
  b <- a$`Mean Sq`[1]; w <- a$`Mean Sq`[2]; f <- b / w
  lo <- f / qf(.975, n - 1, sum(m) - n); hi <- f * qf(.975, sum(m) - n, n - 1)
  r$one <- list(value = (b - w) / (b + (k - 1) * w), low = (lo - 1) / (lo + k - 1), high = (hi - 1) / (hi + k - 1), k = k)
  if (ncol(wide) == 2) {
    levels <- sort(unique(as.vector(whole)))
    v <- apply(whole, 2, function(c) match(c, levels))
    steps <- abs(outer(seq_along(levels), seq_along(levels), "-"))
    r$kappa <- list(unweighted = cohen.kappa(v, w = steps)$kappa, linear = cohen.kappa(v, w = steps)$weighted.kappa,
                    quadratic = cohen.kappa(v, w = steps^2)$weighted.kappa)
  }
  out[[name]] <- r
}
write_json(out, "agreement.json", digits = I(16), auto_unbox = TRUE, pretty = TRUE)
