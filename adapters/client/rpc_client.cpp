#include "adapters/client/rpc_client.hpp"

#include <atomic>
#include <future>
#include <thread>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "runtime/codec/pack.hpp"
#include "runtime/codec/params.hpp"

namespace switchboard::client {

namespace asio = boost::asio;

class rpc_client::impl {
 public:
  explicit impl(connection_options options)
      : x_work(asio::make_work_guard(x_io)),
        x_connection(client_connection::create(x_io, std::move(options))),
        x_thread([this] { x_io.run(); }) {}

  ~impl() {
    asio::post(x_io, [this] {
      x_connection->close();
      x_work.reset();
    });
    x_thread.join();
  }

  client_connection& connection() { return *x_connection; }
  void run(std::function<void()> work) { asio::post(x_io, std::move(work)); }

  std::atomic<bool> is_open{false};
  std::function<void(const error&)> on_close;

 private:
  asio::io_context x_io{1};
  asio::executor_work_guard<asio::io_context::executor_type> x_work;
  std::shared_ptr<client_connection> x_connection;
  std::thread x_thread;
};

rpc_client::rpc_client(connection_options options)
    : x_impl(std::make_unique<impl>(std::move(options))) {}
rpc_client::~rpc_client() = default;

void rpc_client::set_on_notification(on_notification call) {
  x_impl->run([this, call = std::move(call)]() mutable {
    x_impl->connection().set_on_notification(std::move(call));
  });
}

void rpc_client::set_on_close(std::function<void(const error&)> call) {
  x_impl->run([this, call = std::move(call)]() mutable { x_impl->on_close = std::move(call); });
}

result<void> rpc_client::connect() {
  std::promise<result<void>> done;
  x_impl->run([&] {
    auto* state = x_impl.get();
    x_impl->connection().set_on_close([state](const error& why) {
      state->is_open = false;
      if (state->on_close) state->on_close(why);
    });
    x_impl->connection().connect([&done, state](const result<void>& how) {
      state->is_open = how.has_value();
      done.set_value(how);
    });
  });
  return done.get_future().get();
}

std::string pack_hello(const identity& who) {
  codec::packer p;
  p.map(4);
  codec::field(p, "role", who.role);
  codec::field(p, "id", who.id);
  codec::field(p, "token", who.token);
  codec::field(p, "protocol", 1);
  return p.take();
}

result<std::string> rpc_client::hello(const identity& who, millis timeout) {
  return call("hello", pack_hello(who), timeout);
}

result<std::string> rpc_client::call(std::string_view method, std::string_view params,
                                     millis timeout) {
  std::promise<result<std::string>> done;
  call_async(
      std::string(method), std::string(params),
      [&done](result<std::string> answer) { done.set_value(std::move(answer)); }, timeout);
  return done.get_future().get();
}

void rpc_client::call_async(std::string method, std::string params, on_packed done,
                            millis timeout) {
  x_impl->run([this, method = std::move(method), params = std::move(params), done = std::move(done),
               timeout] {
    x_impl->connection().call(
        method, params,
        [done](const client_connection::answer& answer) {
          if (!answer) return done(tl::unexpected<error>(answer.error()));
          done(codec::packed(**answer));
        },
        timeout);
  });
}

void rpc_client::notify(std::string method, std::string params) {
  x_impl->run([this, method = std::move(method), params = std::move(params)] {
    x_impl->connection().notify(method, params);
  });
}

void rpc_client::close() {
  x_impl->run([this] { x_impl->connection().close(); });
}

bool rpc_client::open() const {
  return x_impl->is_open;
}

}  // namespace switchboard::client
