# Reliability figures of R: base cov, psych, lavaan, survey. Usage: Rscript reliability.R FOLDER
# FOLDER/reliability_data.json is read, FOLDER/reliability.json written.
suppressMessages({library(jsonlite); library(psych); library(lavaan); library(survey)})
folder <- commandArgs(TRUE)[1]
given <- fromJSON(file.path(folder, "reliability_data.json"))
x <- as.data.frame(given$values); names(x) <- given$items
w <- given$weights

described <- function(d, use) {
  C <- cov(d, use = use); k <- ncol(C)
  suppressWarnings(a <- psych::alpha(d, use = if (use == "complete.obs") "complete" else "pairwise",
                    check.keys = FALSE, warnings = FALSE))
  list(alpha = k / (k - 1) * (1 - sum(diag(C)) / sum(C)),
       psych_raw = a$total$raw_alpha, standardised = a$total$std.alpha,
       mean_correlation = a$total$average_r,
       dropped = a$alpha.drop$raw_alpha, r_drop = unname(a$item.stats$r.drop))
}
omega_of <- function(d) {
  m <- paste("latent =~", paste(names(d), collapse = " + "))
  fit <- cfa(m, d, std.lv = TRUE, estimator = "ML")
  e <- inspect(fit, "est"); l <- e$lambda[, 1]; t <- diag(e$theta)
  s <- inspect(fit, "std"); ls <- s$lambda[, 1]; ts <- diag(s$theta)
  list(omega = sum(l)^2 / (sum(l)^2 + sum(t)), standardised = sum(ls)^2 / (sum(ls)^2 + sum(ts)),
       loadings = unname(ls), uniquenesses = unname(ts), fmin = 2 * unname(fitMeasures(fit, "fmin")))
}
feldt <- function(a, n, k) 1 - (1 - a) * qf(c(.975, .025), n - 1, (n - 1) * (k - 1))

full <- na.omit(x)
listwise <- described(full, "complete.obs")
p <- suppressMessages(suppressWarnings(psych::omega(cor(full), nfactors = 1, fm = "ml", plot = FALSE,
     n.obs = nrow(full))))
keep <- complete.cases(x)
design <- svydesign(ids = ~1, weights = w[keep], data = full)
weighted <- svycralpha(reformulate(names(full)), design)
weighted_variance <- unname(diag(as.matrix(svyvar(reformulate(names(full)), design)))[seq_along(full)])
two <- full[, 1:2]; r <- cor(two)[1, 2]
out <- list(
  n = nrow(full), listwise = listwise, pairwise = described(x, "pairwise.complete.obs"),
  feldt = feldt(listwise$alpha, nrow(full), ncol(full)),
  psych_feldt = unlist(psych::alpha(full)$feldt[c("lower.ci", "upper.ci")], use.names = FALSE),
  mean = unname(colMeans(full)), sd = unname(sapply(full, sd)),
  lavaan = omega_of(full), psych_omega_total = p$omega.tot,
  weighted_alpha = as.numeric(weighted), weighted_variance = weighted_variance,
  spearman_brown = 2 * r / (1 + r),
  versions = list(R = R.version.string, psych = as.character(packageVersion("psych")),
    lavaan = as.character(packageVersion("lavaan")), survey = as.character(packageVersion("survey")))
)
write_json(out, file.path(folder, "reliability.json"), digits = 17, auto_unbox = TRUE, pretty = TRUE)
