# The one image of all services; which one it is, its environment says.
FROM node:24-slim
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts
COPY gateway gateway
COPY subgraphs subgraphs
COPY platform platform
COPY portal portal
COPY sdk sdk
COPY schema schema
COPY tsconfig.json ./
USER node
EXPOSE 4000
CMD ["npm", "run", "--silent", "serve"]
