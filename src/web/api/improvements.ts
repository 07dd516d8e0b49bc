import { useQuery } from "@tanstack/react-query";
import type { ImprovementOutcome, ImprovementStatus, ImprovementView } from "../../self-improvement/shapes.ts";
import { get } from "./client.ts";

export type { ImprovementOutcome, ImprovementView };

export const useImprovements = () =>
  useQuery({ queryKey: ["improvements"], queryFn: ({ signal }) => get<ImprovementStatus>("/api/v1/improvements", signal) });
