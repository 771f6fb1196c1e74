import { Page } from '@strapi/strapi/admin';
import { useAccess } from '../hooks/useAccess';
import { CachePage } from './CachePage';

const App = () => {
  const access = useAccess();
  if (access.isLoading) return <Page.Loading />;
  return access.canRead ? <CachePage access={access} /> : <Page.NoPermissions />;
};

export default App;
