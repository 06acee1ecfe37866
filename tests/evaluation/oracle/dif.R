# DIF figures of R: stats (mantelhaen.test, glm, p.adjust), survival (clogit), MASS (polr).
# Usage: Rscript dif.R FOLDER; FOLDER/dif_data.json is read, FOLDER/dif.json written.
suppressMessages({library(jsonlite); library(survival); library(MASS)})
folder <- commandArgs(TRUE)[1]
given <- fromJSON(file.path(folder, "dif_data.json"))
focal <- given$focal == 1

mh <- function(y, total) {
  keep <- ave(rep(1, length(y)), total, FUN = sum) >= 2
  s <- factor(total[keep]); g <- factor(ifelse(focal[keep], "focal", "reference"),
    levels = c("reference", "focal")); a <- factor(y[keep], levels = c(1, 0))
  t <- table(g, a, s)
  with <- mantelhaen.test(t, correct = TRUE); without <- mantelhaen.test(t, correct = FALSE)
  list(chi2 = unname(with$statistic), p = with$p.value, chi2_uncorrected = unname(without$statistic),
       odds_ratio = unname(with$estimate), interval = as.numeric(with$conf.int),
       delta = -2.35 * log(unname(with$estimate)))
}
mantel <- function(y, total) {
  s <- summary(clogit(focal ~ y + strata(total), method = "exact"))$sctest
  list(chi2 = unname(s["test"]), p = unname(s["pvalue"]))
}
nagelkerke <- function(ll, ll0, n) (1 - exp(2 * (ll0 - ll) / n)) / (1 - exp(2 * ll0 / n))
logistic <- function(y, total) {
  g <- as.numeric(focal); total <- total - mean(total); n <- length(y)
  x <- data.frame(total = total, group = g, product = total * g)
  ll <- if (length(unique(y)) == 2) {
    fit <- function(f) glm(update(f, y ~ .), binomial, x, control = glm.control(epsilon = 1e-15, maxit = 100))
    list(fit(~1), fit(~total), fit(~ total + group), fit(~ total + group + product))
  } else {
    o <- factor(y, ordered = TRUE)
    fit <- function(f) polr(f, x, Hess = FALSE, control = list(reltol = 1e-16, maxit = 1000))
    list(fit(o ~ 1), fit(o ~ total), fit(o ~ total + group), fit(o ~ total + group + product))
  }
  l <- sapply(ll, function(m) as.numeric(logLik(m)))
  r <- nagelkerke(l, l[1], n)
  list(log_likelihoods = l[2:4], chi2 = 2 * c(l[3] - l[2], l[4] - l[3], l[4] - l[2]),
       p = pchisq(2 * c(l[3] - l[2], l[4] - l[3], l[4] - l[2]), c(1, 1, 2), lower.tail = FALSE),
       nagelkerke = c(r[3] - r[2], r[4] - r[3], r[4] - r[2]),
       mcfadden = c(l[2] - l[3], l[3] - l[4], l[2] - l[4]) / l[1],
       group = unname(coef(ll[[3]])["group"]), interaction = unname(coef(ll[[4]])["product"]))
}
each <- function(x, f) lapply(seq_len(ncol(x)), function(j) f(x[, j], rowSums(x)))
purified <- function(x) {  # Mantel-Haenszel, corrected, the item itself always in the total
  out <- integer(0)
  for (round in 1:10) {
    found <- lapply(seq_len(ncol(x)), function(j) mh(x[, j], rowSums(x[, setdiff(seq_len(ncol(x)),
      setdiff(out, j)), drop = FALSE])))
    flagged <- which(sapply(found, function(r) r$p) < .05)
    if (setequal(flagged, out)) break
    out <- flagged
  }
  list(without = I(out), rounds = round, chi2 = sapply(found, function(r) r$chi2))
}
binary <- given$binary; ordered <- given$ordered
found <- each(binary, mh); p <- sapply(found, function(r) r$p)
write_json(list(mh = found, mh_purified = purified(binary),
  holm = p.adjust(p, "holm"), bh = p.adjust(p, "BH"),
  logistic = each(binary, logistic), mantel = each(ordered, mantel),
  ordinal = each(ordered, logistic),
  versions = list(R = R.version.string, survival = as.character(packageVersion("survival")),
    MASS = as.character(packageVersion("MASS")))),
  file.path(folder, "dif.json"), digits = 17, auto_unbox = TRUE, pretty = TRUE)
