import { useRBAC } from '@strapi/strapi/admin';
import { PERMISSIONS } from '../permissions';

export interface Access {
  readonly isLoading: boolean;
  readonly canRead: boolean;
  readonly canPurge: boolean;
  readonly canResetLimits: boolean;
  readonly canConfiguration: boolean;
}

const ALL = Object.values(PERMISSIONS).flat();

/** What the signed-in administrator may do here. It hides; the server refuses. */
export function useAccess(): Access {
  const { allowedActions, isLoading } = useRBAC(ALL as Parameters<typeof useRBAC>[0]);
  return {
    isLoading,
    canRead: allowedActions.canRead === true,
    canPurge: allowedActions.canPurge === true,
    canResetLimits: allowedActions.canResetLimits === true,
    canConfiguration: allowedActions.canConfiguration === true,
  };
}
