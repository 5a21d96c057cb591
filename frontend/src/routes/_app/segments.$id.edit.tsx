import { createFileRoute } from "@tanstack/react-router";
import { EditSegmentPage } from "@/features/segments/SegmentFormPage";

export const Route = createFileRoute("/_app/segments/$id/edit")({ component: EditSegmentPage });
