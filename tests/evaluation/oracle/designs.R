# What R's survey package says of designs_data.json. Usage: Rscript designs.R FOLDER
# FOLDER/designs_data.json is read, FOLDER/designs.json written. survey 4.1-1 here; 4.5 differs in
# lonely strata of totals only (docs/methods-estimation.md).
suppressMessages({library(survey); library(jsonlite)})
options(survey.lonely.psu = "adjust", warn = -1)
folder <- commandArgs(TRUE)[1]
data <- lapply(fromJSON(file.path(folder, "designs_data.json")), as.data.frame)

num <- function(x) as.numeric(x)
one <- function(s, d, deff = TRUE) {
  df <- degf(d); ci <- num(confint(s, df = df))
  list(value = num(coef(s)), se = num(SE(s)), low = ci[1], high = ci[2], df = df)
}
effects <- function(f, d, FUN) c(num(deff(FUN(f, d, deff = TRUE, na.rm = TRUE))),
                                 num(deff(FUN(f, d, deff = "replace", na.rm = TRUE))))
every <- c("math", "school", "hf3", "hf4", "hf5", "hf6", "hf7", "hf8", "hf9")
answer <- function(d, replicated = FALSE, rules = c("math", "hf7")) {
  has <- update(subset(d, !is.na(y)), y = ifelse(is.na(y), 0, y)); out <- list()
  out$total <- one(svytotal(~y, has), has); out$mean <- one(svymean(~y, has), has)
  out$ratio <- { r <- svyratio(~y, ~x, has); ci <- num(confint(r, df = degf(has)))
    list(value = num(coef(r)), se = num(SE(r)), low = ci[1], high = ci[2], df = degf(has)) }
  for (s in c("f", "m")) { dom <- subset(has, sex == s)
    out[[paste0("mean_", s)]] <- one(svymean(~y, dom), dom)
    out[[paste0("total_", s)]] <- one(svytotal(~y, dom), dom) }
  out$shares <- list(value = num(coef(svymean(~g, d))), se = num(SE(svymean(~g, d))),
                     covariance = unname(as.matrix(vcov(svymean(~g, d)))))
  # Difference of two domains with its covariance, by one regression on the domain.
  rr <- svyratio(~o2, ~I(o1 + o2 + o3), d)
  out$mention <- list(value = num(coef(rr)), se = num(SE(rr)))
  out$quantiles <- list()
  for (rule in rules) {
    q <- svyquantile(~y, has, c(.25, .5, .9), qrule = rule)$y
    out$quantiles[[rule]] <- unname(as.matrix(q)) }
  out$step <- unname(as.matrix(svyquantile(~k, d, c(.25, .5), qrule = "math")$k))
  if (replicated) return(out)
  out$deff_mean <- effects(~y, has, svymean); out$deff_total <- effects(~y, has, svytotal)
  out$proportion <- list()
  for (m in c("mean", "logit", "xlogit", "asin", "beta", "likelihood"))
    out$proportion[[m]] <- num(confint(svyciprop(~yes, d, method = m)))
  dom <- subset(d, sex == "f")
  out$proportion_f <- num(confint(svyciprop(~yes, dom, method = "beta")))
  out$df_f <- degf(dom)
  F <- svychisq(~g + age, d); C <- svychisq(~g + age, d, statistic = "Chisq")
  out$association <- list(f = num(F$statistic), df = num(F$parameter), p = num(F$p.value),
                          pearson = num(C$statistic), p_first = num(C$p.value))
  z <- d; M <- sapply(c(f = "f", m = "m"), function(s) num(coef(svymean(~y, subset(has, sex == s)))))
  w <- weights(d)
  for (s in c("f", "m")) { use <- d$variables$sex == s & !is.na(d$variables$y) & is.finite(w) & w > 0
    z$variables[[s]] <- ifelse(use, ifelse(use, d$variables$y, 0) - M[[s]], 0) / sum(w[use]) }
  v <- vcov(svytotal(~f + m, z)); out$difference <- list(value = num(M[1] - M[2]),
    se = sqrt(v[1, 1] + v[2, 2] - 2 * v[1, 2]))
  out
}

strat <- svydesign(ids = ~1, strata = ~h, weights = ~w, fpc = ~N, data = data$strat)
clus <- svydesign(ids = ~c, strata = ~h, weights = ~w, data = data$clus, nest = TRUE)
two <- svydesign(ids = ~p + q, strata = ~h, weights = ~w, fpc = ~N1 + N2, data = data$two, nest = TRUE)
lone <- svydesign(ids = ~c, strata = ~h, weights = ~w, data = data$lone, nest = TRUE)
half <- svydesign(ids = ~c, strata = ~h, weights = ~w, data = data$half, nest = TRUE)

sex <- data.frame(sex = c("f", "m"), Freq = c(900, 700))
age <- data.frame(age = c("75", "80", "85"), Freq = c(640, 560, 400))
g <- data.frame(g = c("a", "b", "c"), Freq = c(700, 600, 300))
tight <- list(maxit = 1000, epsilon = 1e-13)
raking <- function(d) rake(d, list(~sex, ~age, ~g), list(sex, age, g), control = tight)
raked <- raking(clus)
post <- postStratify(clus, ~age, age)
totals <- c(`(Intercept)` = 1600, sexm = 700, x = 4800)
greg <- calibrate(clus, ~sex + x, totals)
bounded <- lapply(c(linear = "linear", exponential = "raking", logit = "logit"), function(f)
  calibrate(clus, ~sex + x, totals, calfun = f, bounds = c(.905, 1.23), epsilon = 1e-13, maxit = 500))
exponential <- calibrate(clus, ~sex + age + g, calfun = "raking", epsilon = 1e-12, maxit = 200,
  population = c(`(Intercept)` = 1600, sexm = 700, age80 = 560, age85 = 400, gb = 600, gc = 300))

out <- list(strat = answer(strat, rules = every), clus = answer(clus, rules = every), two = answer(two), half = answer(half),
            raked = answer(raked), post = answer(post), greg = answer(greg),
            linear_bounded = answer(bounded$linear), exponential_bounded = answer(bounded$exponential),
            logit_bounded = answer(bounded$logit), exponential = answer(exponential), two_raked = answer(raking(two)))
out$weights <- list(raked = num(weights(raked)), post = num(weights(post)), greg = num(weights(greg)))
t1 <- trimWeights(clus, upper = 7, lower = 1.5); t2 <- trimWeights(clus, upper = 7, lower = 1.5, strict = TRUE)
out$trimmed <- list(once = num(weights(t1)), strict = num(weights(t2)))
out$lonely <- list()
for (rule in c("remove", "certainty", "adjust", "average")) {
  options(survey.lonely.psu = rule)
  a <- list(mean = num(SE(svymean(~x, lone))), ratio = num(SE(svyratio(~x, ~k, lone))))
  dom <- subset(lone, sex == "f"); a$mean_f <- num(SE(svymean(~x, dom)))
  if (rule != "adjust") { a$total <- num(SE(svytotal(~x, lone))); a$total_f <- num(SE(svytotal(~x, dom))) }
  if (rule %in% c("remove", "average")) {
    r <- as.svrepdesign(lone, type = "JKn"); a$jkn <- num(SE(svymean(~x, r))) }
  out$lonely[[rule]] <- a
}
options(survey.lonely.psu = "adjust")
r <- as.svrepdesign(lone, type = "JKn"); out$lonely$adjust$jkn <- num(SE(svymean(~x, r)))
jk1 <- as.svrepdesign(svydesign(ids = ~c, weights = ~w, data = data$clus), type = "JK1")
jkn <- as.svrepdesign(clus, type = "JKn"); jkf <- as.svrepdesign(strat, type = "JKn")
brr <- as.svrepdesign(half, type = "BRR"); fay <- as.svrepdesign(half, type = "Fay", fay.rho = .3)
set.seed(5); boot <- as.svrepdesign(clus, type = "subbootstrap", replicates = 60)
mse <- as.svrepdesign(clus, type = "JKn", mse = TRUE)
out$rep <- list(JK1 = answer(jk1, TRUE), JKn = answer(jkn, TRUE), JKn_fpc = answer(jkf, TRUE),
  JKn_raked = answer(raking(jkn), TRUE), mse = answer(mse, TRUE), boot = answer(boot, TRUE),
  brr_total = num(SE(svytotal(~x, brr))), fay_total = num(SE(svytotal(~x, fay))),
  brr_supplied = answer(brr, TRUE), fay_supplied = answer(fay, TRUE))
out$rep$weights <- list(boot = unname(as.matrix(weights(boot, "analysis"))),
  brr = unname(as.matrix(weights(brr, "analysis"))), fay = unname(as.matrix(weights(fay, "analysis"))))
out$rep$scale <- list(boot = boot$scale, brr = brr$scale, fay = fay$scale)
out$versions <- list(R = R.version.string, survey = as.character(packageVersion("survey")))
write_json(out, file.path(folder, "designs.json"), digits = NA, auto_unbox = TRUE, na = "null")
