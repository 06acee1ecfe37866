# Normalisations, rank agreement and data-driven weights by base R. Usage: Rscript index.R FOLDER
# FOLDER/index_data.json is read, FOLDER/index.json written.
suppressMessages(library(jsonlite))
folder <- commandArgs(TRUE)[1]
x <- as.matrix(fromJSON(file.path(folder, "index_data.json"))$values)
z <- scale(x)
low <- apply(x, 2, min); high <- apply(x, 2, max)
mm <- sweep(sweep(x, 2, low), 2, high - low, "/")
r <- apply(x, 2, rank, ties.method = "min")
w <- c(3, 1, 2, 2, 1) / 9
one <- as.numeric(mm %*% w); two <- as.numeric(z %*% w)
three <- apply(pmax(mm * 100, 1), 1, function(v) exp(sum(w * log(v))))
four <- apply(pmax(mm * 100, 1), 1, function(v) 1 / sum(w / v))
five <- apply(mm, 1, function(v) sum(w * v^.5)^2)
best <- function(s) rank(-round(s, 10), ties.method = "min")
shift <- abs(best(one) - best(three))
e <- eigen(cor(x)); k <- sum(e$values > 1)
l <- e$vectors[, 1:k] %*% diag(sqrt(e$values[1:k]))
v <- varimax(l, normalize = TRUE, eps = 1e-14)$loadings
p <- apply(unclass(v)^2, 1, max)
q <- sweep(mm, 2, colSums(mm), "/")
entropy <- 1 + colSums(ifelse(q > 0, q * log(q), 0)) / log(nrow(x))
write_json(list(z = z[, ], min_max = mm, rank = r, borda = r - 1, percentile = (r - 1) / (nrow(x) - 1),
  arithmetic = one, of_z = two, geometric = three, harmonic = four, half = five,
  ranks = best(one), kendall = cor(one, three, method = "kendall"),
  kendall_ties = cor(x[, 1], x[, 2], method = "kendall"),
  spearman = cor(one, three, method = "spearman"),
  spearman_ties = cor(x[, 1], x[, 2], method = "spearman"),
  mean_shift = mean(shift), max_shift = max(shift), moved = mean(shift > 0),
  pearson = cor(mm, one)[, 1], components = k, pca = p / sum(p), entropy = entropy / sum(entropy),
  versions = list(R = R.version.string)),
  file.path(folder, "index.json"), digits = 17, auto_unbox = TRUE, pretty = TRUE)
