# R survey's own api data as CSV, and what R says of them; nothing of them is stored in the project.
# Usage: Rscript api.R FOLDER (writes FOLDER/apistrat.csv, apiclus1.csv, apiclus2.csv, api.json)
suppressMessages({library(survey); library(jsonlite)}); options(warn = -1)
folder <- commandArgs(TRUE)[1]
data(api)
keep <- c("cds", "stype", "snum", "dnum", "pw", "fpc", "api00", "api99", "enroll", "sch.wide", "meals")
save <- function(d, name, more = NULL) {
  d <- d[, c(keep, more)]; write.csv(format(d, digits = 17, trim = TRUE), file.path(folder, name),
                                     row.names = FALSE, quote = FALSE, na = "") }
save(apistrat, "apistrat.csv"); save(apiclus1, "apiclus1.csv")
apiclus2$fpc <- 0; save(apiclus2, "apiclus2.csv", c("fpc1", "fpc2"))
answer <- function(d) {
  one <- function(s) { ci <- as.numeric(confint(s, df = degf(d)))
    list(value = as.numeric(coef(s)), se = as.numeric(SE(s)), low = ci[1], high = ci[2]) }
  by <- svyby(~api00, ~stype, d, svymean); q <- svyquantile(~api00, d, c(.25, .5, .75))$api00
  r <- svyratio(~api00, ~api99, d); F <- svychisq(~stype + sch.wide, d)
  list(mean = one(svymean(~api00, d)), total = one(svytotal(~enroll, d, na.rm = TRUE)),
       ratio = list(value = as.numeric(coef(r)), se = as.numeric(SE(r))),
       by = list(value = as.numeric(coef(by)), se = as.numeric(SE(by))),
       change = one(svycontrast(svymean(~api00 + api99, d), c(api00 = 1, api99 = -1))),
       beta = as.numeric(confint(svyciprop(~I(sch.wide == "Yes"), d, method = "beta"))),
       logit = as.numeric(confint(svyciprop(~I(sch.wide == "Yes"), d, method = "xlogit"))),
       quantiles = unname(as.matrix(q)), deff = as.numeric(deff(svymean(~api00, d, deff = TRUE))),
       test = list(f = as.numeric(F$statistic), p = as.numeric(F$p.value)), df = degf(d))
}
strat <- svydesign(id = ~1, strata = ~stype, weights = ~pw, data = apistrat, fpc = ~fpc)
clus1 <- svydesign(id = ~dnum, weights = ~pw, data = apiclus1, fpc = ~fpc)
clus2 <- svydesign(id = ~dnum + snum, weights = ~pw, fpc = ~fpc1 + fpc2, data = apiclus2)
stype <- data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018))
wide <- data.frame(sch.wide = c("No", "Yes"), Freq = c(1072, 5122))
raked <- rake(clus1, list(~stype, ~sch.wide), list(stype, wide), control = list(maxit = 1000, epsilon = 1e-13))
jkn <- as.svrepdesign(strat, type = "JKn")
write_json(list(strat = answer(strat), clus1 = answer(clus1), clus2 = answer(clus2), raked = answer(raked),
  jk1 = list(se = as.numeric(SE(svymean(~api00, as.svrepdesign(clus1, type = "JK1"))))),
  jkn = list(se = as.numeric(SE(svymean(~api00, jkn))))),
  file.path(folder, "api.json"), digits = NA, auto_unbox = TRUE, na = "null")
