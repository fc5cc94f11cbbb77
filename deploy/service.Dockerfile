# One image for any service: docker build -f deploy/service.Dockerfile --build-arg SERVICE=console .
ARG DOTNET=10.0

# librdkafka as shared/stand-ins says, built once for every service, on the system that it runs on: .NET 10's images are
# Ubuntu's, there are none of Debian.
FROM ubuntu:24.04 AS librdkafka
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates g++ libc6-dev liblz4-dev libssl-dev libzstd-dev make npm \
      perl python3 zlib1g-dev \
 && rm -rf /var/lib/apt/lists/*
COPY shared/stand-ins/librdkafka /recipe
RUN TRIBUTARY_CACHE=/cache /recipe/build && cp /cache/librdkafka-*/librdkafka.so /librdkafka.so

FROM mcr.microsoft.com/dotnet/sdk:${DOTNET}-noble AS build
ARG SERVICE
WORKDIR /source
COPY Directory.Build.props Directory.Packages.props global.json BannedSymbols.txt .editorconfig ./
COPY shared shared
COPY services services
COPY --from=librdkafka /librdkafka.so .tributary/native/librdkafka.so
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
# service.dll: one name to start, whatever the service is called.
RUN dotnet publish services/${SERVICE:?}/src -c Release -o /published -p:UseAppHost=false \
 && name=${SERVICE^} && test -f "/published/Tributary.$name.dll" \
 && ln -s "Tributary.$name.dll" /published/service.dll

FROM mcr.microsoft.com/dotnet/aspnet:${DOTNET}-noble
RUN apt-get update \
 && apt-get install -y --no-install-recommends curl liblz4-1 libssl3t64 libzstd1 zlib1g \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /published /service
# A volume takes its owner from here.
RUN install -d -o app -g app /var/lib/tributary
WORKDIR /service
USER app
# HTTP, gRPC, and health and metrics: the offsets of the one-machine size.
ENV Listen__Http=0.0.0.0:8080 Listen__Grpc=0.0.0.0:8082 Listen__Operations=0.0.0.0:8083 \
    ASPNETCORE_HTTP_PORTS= DOTNET_gcServer=0
EXPOSE 8080 8082 8083
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["curl", "--silent", "--fail", "--output", "/dev/null", "http://127.0.0.1:8083/health/ready"]
ENTRYPOINT ["dotnet", "service.dll"]
