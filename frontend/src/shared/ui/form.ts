export { type UseFormReturnType as FormState, useForm } from "@mantine/form";
