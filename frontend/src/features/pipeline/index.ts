/** pipeline: leads and opportunities on their way through the stages of a pipeline. */
export { CustomerOpportunities } from "./CustomerOpportunities";
export { customerOpportunitiesQuery, opportunityQuery, pipelinesQuery } from "./queries";
export { SalesPlaces } from "./SalesPlaces";
