# Makes survey.json: small stratified, clustered data, and what R's survey package says of it.
# Run from this folder: Rscript survey.R. The test-suite reads the stored file and needs no R.
suppressMessages({library(survey); library(jsonlite)})
set.seed(20260101)
options(survey.lonely.psu = "adjust", survey.adjust.domain.lonely = FALSE)

make <- function(n, territories, strata, psus, lonely) {
  d <- data.frame(
    territory = sample(territories, n, TRUE),
    stratum = sample.int(strata, n, TRUE),
    psu = sample.int(psus, n, TRUE),
    weight = round(runif(n, 0.4, 3), 3))
  if (lonely) d$psu[d$stratum == 1] <- 1
  effect <- rnorm(psus)[d$psu]
  d$q1 <- as.integer(plogis(effect + rnorm(n)) > 0.45) * 100
  d$q2 <- pmin(5, pmax(1, round(3 + effect + rnorm(n))))
  d$q3 <- as.integer(plogis(0.5 * effect + rnorm(n) - 1.8) > 0.5) * 100
  for (q in c("q1", "q2", "q3")) d[[q]][runif(n) < 0.15] <- NA
  d$q2 <- 25 * (d$q2 - 1)
  d
}

answer <- function(d) {
  d$h <- interaction(d$territory, d$stratum)
  des <- svydesign(ids = ~psu, strata = ~h, weights = ~weight, data = d, nest = TRUE)
  out <- list()
  for (t in sort(unique(d$territory))) {
    rows <- list()
    for (q in c("q1", "q2", "q3")) {
      dom <- subset(des, territory == t & !is.na(get(q)))
      m <- svymean(as.formula(paste0("~", q)), dom)
      df <- degf(dom)
      tci <- confint(m, df = df)
      beta <- c(NA, NA)
      if (q != "q2") {
        dom$variables$yes <- dom$variables[[q]] / 100
        beta <- as.numeric(confint(svyciprop(~yes, dom, method = "beta", df = df)))
      }
      rows[[q]] <- list(mean = unname(coef(m)), variance = unname(vcov(m)[1, 1]), df = df,
                        n = nrow(dom$variables), base = sum(weights(dom)),
                        low = tci[1], high = tci[2], beta = beta)
    }
    # Covariances of domain means by their influence columns, available cases for each question.
    for (q in c("q1", "q2", "q3")) {
      use <- d$territory == t & !is.na(d[[q]])
      m <- rows[[q]]$mean; W <- sum(d$weight[use])
      d[[paste0("z", q)]] <- ifelse(use, (ifelse(use, d[[q]], 0) - m) / W, 0)
    }
    zdes <- svydesign(ids = ~psu, strata = ~h, weights = ~weight, data = d, nest = TRUE)
    v <- vcov(svytotal(~zq1 + zq2 + zq3, zdes))
    out[[t]] <- list(components = rows, covariance = unname(as.matrix(v)))
  }
  out
}

cases <- list(
  plain = make(240, c("A", "B"), 3, 9, FALSE),
  persons = transform(make(90, "A", 2, 9, FALSE), psu = 1:90),
  lonely = make(150, c("A", "B"), 3, 6, TRUE))
result <- lapply(cases, function(d) list(
  data = lapply(as.list(d), function(x) x), expected = answer(d)))
result$about <- paste("R", getRversion(), "survey", packageVersion("survey"))
write(toJSON(result, digits = 17, auto_unbox = TRUE, na = "null"), "survey.json")
