/** dealers: organisations that sell on — their clerks, what those have learnt, what was sold. */
export const loadDealerPanel = () => import("./DealerPanel");
export const loadTrainingsPanel = () => import("./TrainingsPanel");
