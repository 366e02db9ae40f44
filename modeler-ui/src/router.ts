import { createRouter, createWebHistory } from 'vue-router';
import { i18n } from './i18n.js';

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', redirect: '/workflows' },
    { path: '/workflows', component: () => import('./pages/WorkflowsPage.vue'), meta: { section: 'workflows' } },
    {
      path: '/workflows/:workflowKey',
      component: () => import('./pages/WorkflowPage.vue'),
      props: true,
      meta: { section: 'workflows' },
    },
    { path: '/modeler', component: () => import('./pages/ModelerPage.vue'), meta: { section: 'workflows' } },
    {
      path: '/modeler/:workflowKey',
      component: () => import('./pages/ModelerPage.vue'),
      props: true,
      meta: { section: 'workflows' },
    },
    { path: '/instances', component: () => import('./pages/InstancesPage.vue'), meta: { section: 'instances' } },
    {
      path: '/instances/:id',
      component: () => import('./pages/InstancePage.vue'),
      props: true,
      meta: { section: 'instances' },
    },
    { path: '/incidents', component: () => import('./pages/IncidentsPage.vue'), meta: { section: 'incidents' } },
    { path: '/operations', component: () => import('./pages/OperationsPage.vue'), meta: { section: 'operations' } },
    {
      path: '/operations/:id',
      component: () => import('./pages/OperationPage.vue'),
      props: true,
      meta: { section: 'operations' },
    },
    { path: '/tasks', component: () => import('./pages/TasksPage.vue'), meta: { section: 'tasks' } },
    { path: '/jobs', component: () => import('./pages/JobsPage.vue'), meta: { section: 'jobs' } },
    { path: '/users', component: () => import('./pages/UsersPage.vue'), meta: { section: 'users' } },
    { path: '/users/:id', component: () => import('./pages/UserPage.vue'), props: true, meta: { section: 'users' } },
    { path: '/segments', component: () => import('./pages/SegmentsPage.vue'), meta: { section: 'segments' } },
    { path: '/mailbox', component: () => import('./pages/MailboxPage.vue'), meta: { section: 'mailbox' } },
    { path: '/:path(.*)*', component: () => import('./pages/NotFoundPage.vue') },
  ],
});

router.afterEach((to) => {
  const section = to.meta['section'];
  document.title = typeof section === 'string' ? `${i18n.global.t(`nav.${section}`)} · xflow` : 'xflow';
});
