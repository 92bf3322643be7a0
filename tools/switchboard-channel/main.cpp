#include <cstdio>
#include <cstdlib>

#include <CLI/CLI.hpp>

#include "tools/command_line/program_line.hpp"
#include "tools/switchboard-channel/chat_command.hpp"
#include "tools/switchboard-channel/push_command.hpp"
#include "tools/switchboard-channel/token_source.hpp"

namespace {

using namespace switchboard;
using namespace switchboard::channel_tool;

void declare_connection(CLI::App& app, client::connection_options& where, token_options& token) {
  app.add_option("--host", where.host, "The daemon's address [127.0.0.1]");
  app.add_option("--port", where.port, "The daemon's channel port [7701]");
  app.add_flag("--tls", where.tls, "Over TLS");
  app.add_option("--ca", where.ca_file, "Trusts this certificate authority (PEM)");
  app.add_option("--token-env", token.env, "Variable that holds the token [SWITCHBOARD_TOKEN]");
  app.add_option("--token-file", token.file, "File of mode 0600 that holds the token");
}

CLI::App* declare_push(CLI::App& app, push_options& options) {
  auto* push = app.add_subcommand("push", "Pushes consultation requests from a JSON Lines file");
  push->add_option("FILE", options.file, "One request a line, as session.open takes it; - is stdin")
      ->required();
  push->add_option("--channel", options.channel, "The channel's id")->required();
  push->add_option("--rate", options.rate, "Requests a second [as fast as answers come]")
      ->check(CLI::NonNegativeNumber);
  push->add_option("--window", options.window, "Requests outstanding at once [64]")
      ->check(CLI::Range(1, 100'000));
  push->add_option("--from-line", options.from_line, "Goes on with this line of the file [1]")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 62));
  push->add_flag("--follow", options.follow, "Shows what comes back until all sessions are over");
  return push;
}

CLI::App* declare_chat(CLI::App& app, chat_options& options) {
  auto* chat = app.add_subcommand("chat", "Talks as a customer or an agent, in the terminal");
  chat->add_option("--role", options.role, "customer or agent [customer]")
      ->check(CLI::IsMember({"customer", "agent"}));
  chat->add_option("--channel", options.channel, "The channel a customer comes by");
  chat->add_option("--id", options.id, "The customer's id on the channel, or the agent's");
  chat->add_option("--name", options.name, "The customer's name");
  chat->add_option("--entry", options.entry, "Where the customer came from (product/P2002)");
  chat->add_option("--intent", options.intent, "What it is about (presale, after_sales, ...)");
  return chat;
}

int refuse(const std::string& why) {
  std::fprintf(stderr, "switchboard-channel: %s\n", why.c_str());
  return command_line::usage_code;
}

int run(push_options push, chat_options chat, bool pushing, const client::connection_options& where,
        const token_options& tokens) {
  if (!pushing && chat.role == "agent" && chat.id.empty()) return refuse("give the agent's --id");
  if (!pushing && chat.role == "customer" && chat.channel.empty())
    return refuse("give the customer's --channel");
  auto token = read_token(tokens);
  if (!token) return refuse(token.error());
  if (pushing) {
    push.where = where;
    push.token = *token;
    return run_push(push);
  }
  if (chat.id.empty()) {
    const char* user = std::getenv("USER");
    chat.id = std::string("guest-") + (user && *user ? user : "1");
  }
  chat.where = where;
  chat.token = *token;
  return run_chat(chat);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Speaks to switchboardd as a channel or an agent does", "switchboard-channel");
  client::connection_options where;
  token_options tokens;
  push_options push;
  chat_options chat;
  declare_connection(app, where, tokens);
  auto* pushing = declare_push(app, push);
  declare_chat(app, chat);
  app.require_subcommand(1);
  for (auto* sub : app.get_subcommands({})) sub->fallthrough();
  command_line::describe(
      app,
      {{"SWITCHBOARD_TOKEN=... switchboard-channel chat --channel web",
        "talks as a customer of the channel web"},
       {"switchboard-channel chat --role agent --id lin --token-file lin.token",
        "serves as the agent lin"},
       {"switchboard-channel push requests.jsonl --channel web --follow",
        "sends requests from a file, and shows what becomes of them"}},
      "The token comes from the environment or a file, never from the command line.\n"
      "Exit codes: 0 done, 1 failed or refused, 2 wrong usage.");
  if (auto ended = command_line::parse(app, argc, argv)) return *ended;
  return run(push, chat, pushing->parsed(), where, tokens);
}
