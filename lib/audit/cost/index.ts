export { costOf, monthlyOf, type CostReport, type CostState, type ServiceCost } from "./cost-of";
export { PRICES, type Prices, type Service } from "./prices";
