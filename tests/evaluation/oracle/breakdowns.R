# What R's survey package says of groups of breakdowns_data.json. Usage: Rscript breakdowns.R FOLDER
# FOLDER/breakdowns_data.json is read, FOLDER/breakdowns.json written. survey 4.1-1 here: means and
# errors of groups from svyby; the covariance of two groups, which its svyby takes for 0, from totals
# of their influences, and contrasts of these.
suppressMessages({library(survey); library(jsonlite)})
options(survey.lonely.psu = "adjust", warn = -1)
folder <- commandArgs(TRUE)[1]
data <- as.data.frame(fromJSON(file.path(folder, "breakdowns_data.json")))
data$yes <- 100 * (data$E1 >= 4)            # NA where not answered
data$scale <- 25 * (data$E2 - 1)
data$cell <- NA
design <- svydesign(ids = ~c, strata = ~h, weights = ~w, data = data, nest = TRUE)
places <- c("A", "B", "C"); num <- function(x) as.numeric(x)
groups <- list(sex = c("f", "m"), age = c("a", "b", "c"), who = c("self", "proxy"))
out <- list()
for (by in names(groups)) for (item in c("yes", "scale")) {
  cells <- as.vector(outer(places, groups[[by]], paste, sep = "."))
  d <- update(design, cell = paste(t, get(by), sep = "."))
  d <- update(d, cell = ifelse(is.na(d$variables[[by]]) | is.na(d$variables[[item]]), NA, cell))
  use <- subset(d, !is.na(cell))
  found <- svyby(as.formula(paste0("~", item)), ~cell, use, svymean)
  value <- setNames(num(coef(found)), found$cell); se <- setNames(num(SE(found)), found$cell)
  w <- weights(d); z <- d
  names <- paste0("z", seq_along(cells))
  for (k in seq_along(cells)) {
    y <- d$variables[[item]]; there <- !is.na(d$variables$cell) & d$variables$cell == cells[k]
    z$variables[[names[k]]] <- ifelse(there, y - value[cells[k]], 0) / sum(w[there])
  }
  sums <- svytotal(as.formula(paste("~", paste(names, collapse = "+"))), z)
  one <- function(weights) {                 # a contrast of cells: value and error
    full <- setNames(rep(0, length(cells)), cells); full[names(weights)] <- weights
    k <- svycontrast(sums, setNames(unname(full), names))
    list(value = sum(full * value[cells]), se = num(SE(k)))
  }
  of <- function(where, g) setNames(rep(1 / length(where), length(where)), paste(where, g, sep = "."))
  for (place in c(places, "FR")) {
    where <- if (place == "FR") places else place
    levels <- lapply(groups[[by]], function(g) one(of(where, g)))
    if (place != "FR") {                     # the domain's own error, as svyby gives it
      mine <- paste(place, groups[[by]], sep = ".")
      stopifnot(all.equal(sapply(levels, `[[`, "se"), num(se[mine]), tolerance = 1e-10))
    }
    out[[paste(by, item, place, sep = ".")]] <- list(
      value = sapply(levels, `[[`, "value"), se = sapply(levels, `[[`, "se"),
      gaps = lapply(groups[[by]][-1], function(g) one(c(of(where, g), -of(where, groups[[by]][1])))))
  }
}
write(toJSON(out, digits = NA, auto_unbox = TRUE), file.path(folder, "breakdowns.json"))
