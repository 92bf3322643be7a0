#include "tests/actor/gateway/gateway_fixture.hpp"

/// Connections and calls: who is let in, what a call becomes, where it goes.
namespace switchboard::gateway_testing {
namespace {

params message_to(const session_id& session, const char* type = "text", params body = {}) {
  if (body.empty()) body["text"] = text("hello");
  return {{"session_id", text(session.text())},
          {"client_msg_id", text("m1")},
          {"type", text(type)},
          {"body", map(body)}};
}

TEST_F(a_gateway, knows_nobody_before_hello) {
  auto peer = std::make_shared<kept_peer>();
  const auto said = call(peer, "session.send", message_to(live()));
  ASSERT_TRUE(said.why);
  EXPECT_EQ(said.why->code, errc::unauthenticated);
  EXPECT_TRUE(said.sent.empty());
}

TEST_F(a_gateway, lets_in_by_a_token_and_turns_away_by_another) {
  auto lin = std::make_shared<kept_peer>();
  const auto said = call(lin, "hello",
                         {{"role", text("agent")},
                          {"id", text("lin")},
                          {"token", text("lin")},
                          {"protocol", number(1)}});
  EXPECT_FALSE(said.why) << said.refusal();
  EXPECT_TRUE(lin->known);
  EXPECT_TRUE(said.to<agent_connection>("lin").attached);
  auto other = std::make_shared<kept_peer>();
  const auto refused = call(other, "hello",
                            {{"role", text("agent")},
                             {"id", text("lin")},
                             {"token", text("xu")},
                             {"protocol", number(1)}});
  ASSERT_TRUE(refused.why);
  EXPECT_EQ(refused.why->code, errc::unauthenticated);
  EXPECT_EQ(other->closed, channel::close_reason::by_service);
  EXPECT_EQ(call(lin, "hello",
                 {{"role", text("agent")},
                  {"id", text("lin")},
                  {"token", text("lin")},
                  {"protocol", number(1)}})
                .refusal(),
            "hello was said already");
}

TEST_F(a_gateway, refuses_what_it_does_not_know_by_name) {
  const auto said = call(connect(account_role::customer), "session.opens");
  ASSERT_TRUE(said.why);
  EXPECT_EQ(said.why->code, errc::unimplemented);
  EXPECT_EQ(said.why->message, "unknown method session.opens");
}

TEST_F(a_gateway, sends_a_message_to_its_session_and_to_the_directory_where_that_is_not_there) {
  auto app = connect(account_role::customer);
  const auto said = call(app, "session.send", message_to(live()));
  auto& m = said.to<send_message>("session");
  EXPECT_EQ(m.session, live());
  EXPECT_EQ(m.from.role, "customer");
  EXPECT_EQ(m.from.id, "app");
  EXPECT_EQ(m.content.client_msg_id, "m1");
  EXPECT_EQ(m.content.body.bytes, map({{"text", text("hello")}}).bytes);
  EXPECT_EQ(m.reply.msgid, 1u);
  EXPECT_EQ(call(app, "session.send", message_to(absent())).to<send_message>("directory").session,
            absent());
}

TEST_F(a_gateway, has_a_product_and_an_order_stamped_by_their_centers) {
  auto lin = connect(account_role::agent);
  const params product{{"product_id", text("P1")}}, order{{"order_id", text("O1")}};
  call(lin, "session.send", message_to(live(), "product", product)).to<send_message>("products");
  call(lin, "session.send", message_to(live(), "order", order)).to<send_message>("orders");
  EXPECT_TRUE(call(lin, "session.send", message_to(live(), "product")).refuses("body.product_id"));
}

TEST_F(a_gateway, opens_a_session_at_the_directory_of_its_customer) {
  const auto said = call(connect(account_role::customer), "session.open",
                         {{"request_id", text("r1")},
                          {"customer", map({{"id", text("u1")}, {"name", text(" ")}})},
                          {"skills", map({{"english", number(3)}})}});
  auto& m = said.to<open_session>("directory");
  EXPECT_EQ(m.request.channel, "app");
  EXPECT_EQ(m.request.customer.id, "u1");
  EXPECT_EQ(m.request.customer.name, "") << "a name of which nothing shows is none";
  EXPECT_EQ(m.request.skills.at("english"), 3);
}

TEST_F(a_gateway, reads_a_calls_key_and_whose_it_is) {
  const auto said = call(
      connect(account_role::agent), "session.tag",
      {{"session_id", text(live().text())}, {"add", list({text("vip")})}, {"op_id", text("k1")}});
  auto& m = said.to<session_call>("session");
  EXPECT_EQ(m.op_id, "k1");
  EXPECT_EQ(m.by.role, "agent");
  EXPECT_EQ(m.by.id, "lin");
  EXPECT_EQ(m.account, account_role::agent);
}

TEST_F(a_gateway, gives_administrators_connections_a_say_as_admins) {
  auto root = connect(account_role::console);
  const params about{{"session_id", text(live().text())}};
  EXPECT_EQ(call(root, "admin.why", about).to<session_call>("session").by.role, "admin");
  EXPECT_EQ(call(connect(account_role::admin), "admin.bump",
                 {{"session_id", text(live().text())}, {"reason", text("angry")}})
                .to<session_call>("session")
                .by.role,
            "admin");
  EXPECT_EQ(call(root, "customer.get", {{"customer_id", text("m:1")}})
                .to<customer_call>("customers")
                .role,
            "admin");
}

TEST_F(a_gateway, keeps_a_repeated_change_known_by_its_sender_and_content) {
  auto root = connect(account_role::console), sun = connect(account_role::admin);
  const auto known = [&](auto& by, const char* op_id, const char* value) {
    return call(by, "admin.rules_edit",
                {{"path", text("agents.lin.capacity")},
                 {"value", text(value)},
                 {"op_id", text(op_id)}})
        .template to<configuration_call>("configuration")
        .known_by.key;
  };
  const auto first = known(root, "k", "5");
  EXPECT_NE(first.key, 0u);
  EXPECT_EQ(known(root, "k", "5"), first);
  EXPECT_EQ(known(root, "k", "6").key, first.key);
  EXPECT_NE(known(root, "k", "6").content, first.content);
  EXPECT_NE(known(root, "l", "5").key, first.key);
  EXPECT_NE(known(sun, "k", "5").key, first.key);
}

TEST_F(a_gateway, answers_from_its_configuration_itself) {
  const auto said = call(connect(account_role::leader), "team.list");
  ASSERT_TRUE(said.packed);
  EXPECT_TRUE(said.sent.empty());
  EXPECT_NE(said.packed->find("shop"), std::string::npos);
}

TEST_F(a_gateway, refuses_what_the_store_has_no_room_for_and_goes_on_with_the_rest) {
  auto app = connect(account_role::customer);
  gate.least_refused = store::work::begins;
  const params lead{{"customer_id", text("c:app:ann")}, {"title", text("a lamp")}};
  const auto said = call(connect(account_role::agent), "lead.create", lead);
  ASSERT_TRUE(said.why);
  EXPECT_EQ(said.why->code, errc::resource_exhausted);
  EXPECT_EQ(said.why->message, "the journal is full");
  EXPECT_TRUE(said.sent.empty());
  // What has a key may have been done before: who keeps the answer says so.
  EXPECT_FALSE(call(app, "session.send", message_to(live())).why);
  const params about{{"session_id", text(live().text())}};
  call(app, "session.close", about).to<session_call>("session");
  gate.answers_leave = false;
  EXPECT_EQ(call(app, "session.close", about).refusal(), "the disk is slow");
  EXPECT_FALSE(call(connect(account_role::agent), "customer.fields").why);
}

TEST_F(a_gateway, follows_the_configuration_with_an_accounts_role) {
  auto xu = connect(account_role::supervisor);
  const params who{{"customer_id", text("m:1")}, {"reason", text("abuse")}};
  call(xu, "customer.block", who).to<customer_call>("customers");
  auto changed = std::make_shared<config::dispatch_config>(*config);
  for (auto& a : changed->agents) {
    if (a.id.value == "xu") a.role = "agent";
  }
  config = changed;
  EXPECT_EQ(call(xu, "customer.block", who).refusal(), "customer.block is not for this role");
}

TEST_F(a_gateway, ends_what_a_connection_has_subscribed_to_with_the_connection) {
  auto app = connect(account_role::customer);
  call(app, "session.subscribe", {{"session_id", text(live().text())}, {"after", number(0)}});
  door->on_close(app);
  const auto sent = taken();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].first, "session");
  auto lin = connect(account_role::agent);
  taken();
  door->on_close(lin);
  const auto left = taken();
  ASSERT_EQ(left.size(), 1u);
  EXPECT_FALSE(left[0].second.get_as<agent_connection>(0).attached);
  EXPECT_EQ(connections.size(), 0u);
}

TEST_F(a_gateway, takes_typing_as_a_notification_and_nothing_else) {
  auto app = connect(account_role::customer);
  taken();
  const params about{{"session_id", text(live().text())}};
  notify(app, "session.typing", about);
  EXPECT_EQ(taken().size(), 1u);
  notify(app, "session.close", about);
  notify(std::make_shared<kept_peer>(), "session.typing", about);
  notify(app, "session.typing", {{"session_id", text("nonsense")}});
  EXPECT_TRUE(taken().empty());
}

TEST_F(a_gateway, asks_a_center_for_who_is_named_and_the_session_for_its_own_customer) {
  auto lin = connect(account_role::agent);
  EXPECT_EQ(
      call(lin, "order.list", {{"member_id", text("m1")}}).to<center_call>("orders").member_id,
      "m1");
  call(lin, "order.list", {{"session_id", text(live().text())}}).to<session_call>("session");
  EXPECT_TRUE(call(lin, "order.list").refuses("session_id"));
}

}  // namespace
}  // namespace switchboard::gateway_testing
