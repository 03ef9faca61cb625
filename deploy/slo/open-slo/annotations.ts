/** Annotations that carry what OpenSLO has no field for, so that an export can be imported again. */
export const annotation = {
  indicator: 'rag-observatory/indicator',
  titleJa: 'rag-observatory/title-ja',
  warning: 'rag-observatory/warning',
  critical: 'rag-observatory/critical',
  spread: 'rag-observatory/spread',
  budgetAlert: 'rag-observatory/budget-alert',
  action: 'rag-observatory/action',
} as const;

export const apiVersion = 'openslo/v1';
