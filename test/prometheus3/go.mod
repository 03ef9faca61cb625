module rag-observatory/test/prometheus3

go 1.25.8

require github.com/prometheus/prometheus v0.314.0
