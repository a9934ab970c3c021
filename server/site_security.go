package server

// securityPath is the page of log-ins and second factors.
const securityPath = "/settings/security"
