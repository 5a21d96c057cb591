import { api, type Once, ok, type Schema } from "@/api";

export const deliver = (id: string, body: Schema<"DeliveryInput">, header: Once) =>
  ok(api.POST("/orders/{id}/deliveries", { params: { path: { id }, header }, body }));

export const correctDelivery = (id: string, body: Schema<"DeliveryCorrection">, header: Once) =>
  ok(api.POST("/deliveries/{id}/correction", { params: { path: { id }, header }, body }));

export const cancelDelivery = (id: string) =>
  ok(api.POST("/deliveries/{id}/cancellation", { params: { path: { id } } }));
