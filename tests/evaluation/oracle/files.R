# What R's survey package says of files_data.json. Usage: Rscript files.R FOLDER
suppressMessages({library(survey); library(jsonlite)})
options(survey.lonely.psu = "average", warn = -1)
folder <- commandArgs(TRUE)[1]
data <- lapply(fromJSON(file.path(folder, "files_data.json")), as.data.frame)
out <- list()
num <- function(x) as.numeric(x)
put <- function(case, name, s, d, FUN = coef) {
  df <- degf(d); ci <- confint(s, df = df)
  out[[case]][[name]] <<- list(value = num(coef(s)), se = num(SE(s)), low = num(ci[1, 1]), high = num(ci[1, 2]), df = df) }
v <- data$village
E <- as.matrix(v[, paste0("E", 1:4)]); E[, 3] <- 6 - E[, 3]
v$score <- ifelse(rowSums(!is.na(E)) >= 3, rowMeans(E, na.rm = TRUE), NA)
for (rule in c("remove", "average")) {
  options(survey.lonely.psu = rule); case <- paste0("village_", rule)
  d <- svydesign(id = ~u, strata = ~h, weights = ~w, data = v)
  a <- subset(d, !is.na(y)); s <- subset(d, !is.na(score))
  put(case, "mean_y", svymean(~y, a), a); put(case, "total_y", svytotal(~y, a), a)
  put(case, "mean_score", svymean(~score, s), s)
  for (g in sort(unique(v$g))) { dom <- s[v$g[!is.na(v$score)] == g, ]
    put(case, paste0("by[g=", g, "]"), svymean(~score, dom), dom) }
  put(case, "change", svycontrast(svymean(~E1 + E2, subset(d, !is.na(E1) & !is.na(E2))), c(E1 = -1, E2 = 1)), subset(d, !is.na(E1) & !is.na(E2)))
  for (m in c("mean", "logit", "xlogit", "asin")) { p <- svyciprop(~z, d, method = m, df = degf(d))
    out[[case]][[paste0("z_", m)]] <- list(value = num(coef(p)), low = num(attr(p, "ci")[1]), high = num(attr(p, "ci")[2])) }
  F <- svychisq(~g + z, d); out[[case]]$test <- list(f = num(F$statistic), p_f = num(F$p.value))
  out[[case]]$mean_y$deff_replace <- num(deff(svymean(~y, a, deff = "replace")))
}
d <- svydesign(id = ~a + b + c + r, fpc = ~Na + Nb + Nc + Nr, data = data$three, nest = TRUE)
put("three", "mean_y", svymean(~y, d), d); put("three", "total_y", svytotal(~y, d), d)
out$three$mean_y$deff <- num(deff(svymean(~y, d, deff = TRUE)))
h <- svydesign(id = ~u, strata = ~h, weights = ~w, data = data$half, nest = TRUE)
for (kind in c("JKn", "Fay", "BRR")) {
  r <- if (kind == "Fay") as.svrepdesign(h, type = "Fay", fay.rho = .4, mse = TRUE) else as.svrepdesign(h, type = kind)
  case <- paste0("half_", kind)
  put(case, "mean_y", svymean(~y, r), r); put(case, "total_y", svytotal(~y, r), r); put(case, "ratio_y_x", svyratio(~y, ~x, r), r)
  out[[paste0(case, "_weights")]] <- list(weights = unname(as.matrix(weights(r, "analysis"))), scale = r$scale, rscales = num(r$rscales))
}
out$versions <- list(R = R.version.string, survey = as.character(packageVersion("survey")))
write_json(out, file.path(folder, "files.json"), digits = NA, auto_unbox = TRUE, na = "null")
