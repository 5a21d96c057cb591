/** journeys: timed touchpoints with customers — templates under Settings, lines of stations on a customer's page. */
export const loadJourneysPanel = () => import("./JourneysPanel");
