# Reads items_*.csv, writes items.json: alpha by psych, the rest by R's own means.
library(jsonlite); suppressMessages(library(psych))
out <- list()
for (name in c("lsat6", "binary", "points")) {
  x <- read.csv(paste0("items_", name, ".csv"), check.names = FALSE)
  most <- sapply(names(x), function(s) if (grepl("\\[", s)) as.numeric(sub(".*\\[(.*)\\]", "\\1", s)) else 1)
  n <- nrow(x); k <- ncol(x); total <- rowSums(x)
  a <- suppressWarnings(suppressMessages(psych::alpha(x, check.keys = FALSE, warnings = FALSE)))
  raw <- a$total$raw_alpha
  # places in the upper and in the lower group: persons tied at a border share what is left
  g <- floor(.27 * n + .5)
  place <- function(score) sapply(score, function(s) { above <- sum(score > s); tied <- sum(score == s); min(1, max(0, (g - above) / tied)) })
  up <- place(total); low <- place(-total)
  dropped <- sapply(seq_len(k), function(i) { y <- x[, -i]; (k - 1) / (k - 2) * (1 - sum(apply(y, 2, var)) / var(rowSums(y))) })
  out[[name]] <- list(people = n, items = k, alpha = raw,
    low = 1 - (1 - raw) * qf(.975, n - 1, (n - 1) * (k - 1)), high = 1 - (1 - raw) * qf(.025, n - 1, (n - 1) * (k - 1)),
    sem = sd(total) * sqrt(1 - raw),
    difficulty = unname(colMeans(x) / most),
    item_rest = sapply(seq_len(k), function(i) cor(x[, i], total - x[, i])),
    upper_lower = sapply(seq_len(k), function(i) (sum(up * x[, i]) - sum(low * x[, i])) / g / most[i]),
    dropped = dropped, psych_dropped = a$alpha.drop$raw_alpha, psych_item_rest = a$item.stats$r.drop)
}
write_json(out, "items.json", digits = I(16), auto_unbox = TRUE, pretty = TRUE)
