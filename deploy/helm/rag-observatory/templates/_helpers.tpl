{{/* Names leave room for suffixes: the longest Service name has 63 characters. */}}
{{- define "rag.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 48 | trimSuffix "-" -}}
{{- end -}}

{{- define "rag.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 48 | trimSuffix "-" -}}
{{- else if contains (include "rag.name" .) .Release.Name -}}
{{- .Release.Name | trunc 48 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "rag.name" .) | trunc 48 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Called with (list context component). Selectors are immutable, so they hold no version. */}}
{{- define "rag.selector" -}}
{{- $context := index . 0 -}}
app.kubernetes.io/name: {{ include "rag.name" $context }}
app.kubernetes.io/instance: {{ $context.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{- define "rag.labels" -}}
{{- $context := index . 0 -}}
{{ include "rag.selector" . }}
app.kubernetes.io/version: {{ $context.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $context.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $context.Chart.Name $context.Chart.Version | replace "+" "_" }}
{{- with $context.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Without the chart's version, whose change would restart all pods. */}}
{{- define "rag.podLabels" -}}
{{- $context := index . 0 -}}
{{ include "rag.selector" . }}
app.kubernetes.io/version: {{ $context.Chart.AppVersion | quote }}
{{- with $context.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "rag.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default (ternary (include "rag.fullname" .) "default" .Values.serviceAccount.create) -}}
{{- end -}}

{{- define "rag.image" -}}
{{- $repository := required "image.repository is required: build and push the image as docs/kubernetes.md describes" .Values.image.repository -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" $repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" $repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}
{{- end -}}

{{/* A value as the programs read it: Helm parses numbers as floats, whose usual text is 1e+06 for a million. */}}
{{- define "rag.text" -}}
{{- if not (kindIs "float64" .) -}}
{{- toString . -}}
{{- else if eq (floor .) . -}}
{{- int64 . -}}
{{- else -}}
{{- regexReplaceAll "0+$" (printf "%.9f" .) "" -}}
{{- end -}}
{{- end -}}

{{/* The whole number of a config variable, or its default: (list context variable default). */}}
{{- define "rag.number" -}}
{{- $value := get (index . 0).Values.config (index . 1) -}}
{{- if eq (toString $value) "" -}}{{ index . 2 }}{{- else -}}{{ int64 $value }}{{- end -}}
{{- end -}}

{{/* Seconds that a program needs to end: `timeLimits().drainMs` in services/runtime/timeouts.ts, and a margin of 5 s. */}}
{{- define "rag.drainSeconds" -}}
{{- $record := include "rag.number" (list . "RECORD_DEADLINE" 15000) | int64 -}}
{{- $begins := include "rag.number" (list . "LLM_TIMEOUT_MS" 30000) | int64 -}}
{{- $whole := include "rag.number" (list . "LLM_MAX_ANSWER_MS" 600000) | int64 -}}
{{- $model := ternary (min $begins $whole) 0 (ne .Values.config.LLM_BASE_URL "") -}}
{{- divf (add $model $record $record 18000) 1000 | ceil | int64 | add 5 -}}
{{- end -}}

{{/* Environment of a program: (list context database). */}}
{{- define "rag.env" -}}
{{- $context := index . 0 -}}
{{- $login := index . 1 -}}
{{- $database := get $context.Values.database $login -}}
- name: DATABASE_URL
  valueFrom:
    secretKeyRef:
      name: {{ required (printf "database.%s.secretName is required: the Secret with the DATABASE_URL of that login" $login) $database.secretName }}
      key: {{ $database.secretKey }}
{{- with $context.Values.caBundle.configMapName }}
- name: NODE_EXTRA_CA_CERTS
  value: /etc/rag-observatory/ca/ca.crt
{{- end }}
{{- end -}}

{{/* What the chat server, the worker and the commands share beside the database. */}}
{{- define "rag.configEnv" -}}
{{- $secretEnv := .Values.secretEnv -}}
{{- range $name, $value := .Values.config }}
{{- if ne (toString $value) "" }}
{{- if hasKey $secretEnv $name }}
{{- fail (printf "%s is in config and in secretEnv: set it in one of them" $name) }}
{{- end }}
- name: {{ $name }}
  value: {{ include "rag.text" $value | quote }}
{{- end }}
{{- end }}
{{- with .Values.sloFile.configMapName }}
- name: SLO_FILE
  value: /etc/rag-observatory/slo/slo.yaml
{{- end }}
{{- with .Values.priceBook.configMapName }}
- name: PRICE_BOOK
  value: /etc/rag-observatory/price-book/price-book.json
{{- end }}
{{- with .Values.priceData.configMapName }}
- name: PRICE_DATA
  value: /etc/rag-observatory/price-data/price-data.json
{{- end }}
{{- with .Values.exchangeRates.configMapName }}
- name: EXCHANGE_RATES
  value: /etc/rag-observatory/exchange-rates/exchange-rates.json
{{- end }}
{{- range $name, $ref := $secretEnv }}
- name: {{ $name }}
  valueFrom:
    secretKeyRef:
      name: {{ $ref.secretName }}
      key: {{ $ref.secretKey }}
{{- end }}
{{- end -}}

{{/* The root file system is read-only. /data is the image's DATA_DIR, in which only some of the operator's commands write. */}}
{{- define "rag.volumeMounts" -}}
- name: tmp
  mountPath: /tmp
- name: data
  mountPath: /data
{{- range $volume, $file := dict "ca" .Values.caBundle "slo" .Values.sloFile "price-book" .Values.priceBook "price-data" .Values.priceData "exchange-rates" .Values.exchangeRates }}
{{- with $file.configMapName }}
- name: {{ $volume }}
  mountPath: /etc/rag-observatory/{{ $volume }}
  readOnly: true
{{- end }}
{{- end }}
{{- with .Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "rag.volumes" -}}
- name: tmp
  emptyDir: { sizeLimit: 1Gi }
- name: data
  emptyDir: { sizeLimit: 64Mi }
{{- $files := dict "ca" (list .Values.caBundle "ca.crt") "slo" (list .Values.sloFile "slo.yaml") "price-book" (list .Values.priceBook "price-book.json") "price-data" (list .Values.priceData "price-data.json") "exchange-rates" (list .Values.exchangeRates "exchange-rates.json") }}
{{- range $volume, $file := $files }}
{{- $source := index $file 0 }}
{{- with $source.configMapName }}
- name: {{ $volume }}
  configMap:
    name: {{ . }}
    items: [{ key: {{ $source.key }}, path: {{ index $file 1 }} }]
{{- end }}
{{- end }}
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "rag.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{/* Pod fields that are the same everywhere. Service links would set POSTGRES_PORT to a URL where a Service is called postgres. */}}
{{- define "rag.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  {{- toYaml .Values.podSecurityContext | nindent 2 }}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* Where a program's pods run: (list context component). */}}
{{- define "rag.placement" -}}
{{- $values := get (index . 0).Values (index . 1) -}}
topologySpreadConstraints:
  {{- $selector := include "rag.selector" . }}
  {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: {{ $values.topologySpread.whenUnsatisfiable }}
    # Pods of the release before are not counted during an upgrade.
    matchLabelKeys: [pod-template-hash]
    labelSelector:
      matchLabels:
        {{- $selector | nindent 8 }}
  {{- end }}
{{- range $field := list "nodeSelector" "tolerations" "affinity" }}
{{- with get $values $field }}
{{ $field }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- with $values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end -}}

{{/* Egress that every pod needs: DNS and the database. */}}
{{- define "rag.databaseEgress" -}}
- ports:
    - { port: {{ .Values.networkPolicy.dnsPort }}, protocol: UDP }
    - { port: {{ .Values.networkPolicy.dnsPort }}, protocol: TCP }
- ports:
    - { port: {{ .Values.database.port }}, protocol: TCP }
{{- end -}}

{{- define "rag.links" -}}
{{- $links := .Values.monitoring.links -}}
runbooks: {{ required "monitoring.links.runbooks is required for rules and dashboards: the URL below which the runbooks are served" $links.runbooks | trimSuffix "/" | quote }}
grafana: {{ required "monitoring.links.grafana is required for rules and dashboards: Grafana's URL" $links.grafana | trimSuffix "/" | quote }}
{{- end -}}
