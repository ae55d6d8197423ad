import { MutationCache, QueryClient } from "@tanstack/react-query";

import { Problem } from "@/api/problems";

import { showProblem } from "./problemNotice";

const TRIES = 3;

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: true,
        retry: (failures, error) => failures < TRIES && !(error instanceof Problem && error.status < 500),
      },
      mutations: { retry: false },
    },
    mutationCache: new MutationCache({
      onError: (error, _variables, _result, mutation) => {
        if (!mutation.meta?.isShown) showProblem(error);
      },
    }),
  });
}
