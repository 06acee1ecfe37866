# What R's survey package says of pps_data.json. Usage: Rscript pps.R FOLDER
suppressMessages({library(survey); library(jsonlite)}); options(warn = -1)
folder <- commandArgs(TRUE)[1]
d <- as.data.frame(fromJSON(file.path(folder, "pps_data.json")))
both <- as.matrix(d[, paste0("pi", seq_len(nrow(d)))])
answer <- function(s) {
  one <- function(x) list(value = as.numeric(coef(x)), se = as.numeric(SE(x)))
  list(total_y = one(svytotal(~y, s)), mean_y = one(svymean(~y, s)), ratio_y_x = one(svyratio(~y, ~x, s)),
       "g[g=a]" = one(svytotal(~y, subset(s, g == "a")))) }
one <- function(...) svydesign(id = ~1, fpc = ~p, data = d, ...)
out <- list(brewer = answer(svydesign(id = ~1, strata = ~h, fpc = ~p, data = d, pps = "brewer")),
  stages = answer(svydesign(id = ~u + k, fpc = ~pu + q, data = d, pps = "brewer")),
  overton = answer(svydesign(id = ~1, strata = ~h, fpc = ~p, data = d, pps = "overton")),
  poisson = answer(one(pps = poisson_sampling(d$p))),
  joint = answer(one(pps = ppsmat(both))), differences = answer(one(pps = ppsmat(both), variance = "YG")))
out$differences[["g[g=a]"]] <- NULL  # in a domain R forgets the pairs with one unit outside
out$versions <- list(R = R.version.string, survey = as.character(packageVersion("survey")))
write_json(out, file.path(folder, "pps.json"), digits = NA, auto_unbox = TRUE, na = "null")
