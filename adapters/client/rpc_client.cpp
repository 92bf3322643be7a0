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
      : work_(asio::make_work_guard(io_)),
        connection_(client_connection::create(io_, std::move(options))),
        thread_([this] { io_.run(); }) {}

  ~impl() {
    asio::post(io_, [this] {
      connection_->close();
      work_.reset();
    });
    thread_.join();
  }

  client_connection& connection() { return *connection_; }
  void run(std::function<void()> work) { asio::post(io_, std::move(work)); }

  std::atomic<bool> is_open{false};
  std::function<void(const error&)> on_close;

 private:
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::shared_ptr<client_connection> connection_;
  std::thread thread_;
};

rpc_client::rpc_client(connection_options options)
    : impl_(std::make_unique<impl>(std::move(options))) {}
rpc_client::~rpc_client() = default;

void rpc_client::set_on_notification(on_notification call) {
  impl_->run([this, call = std::move(call)]() mutable {
    impl_->connection().set_on_notification(std::move(call));
  });
}

void rpc_client::set_on_close(std::function<void(const error&)> call) {
  impl_->run([this, call = std::move(call)]() mutable { impl_->on_close = std::move(call); });
}

result<void> rpc_client::connect() {
  std::promise<result<void>> done;
  impl_->run([&] {
    auto* state = impl_.get();
    impl_->connection().set_on_close([state](const error& why) {
      state->is_open = false;
      if (state->on_close) state->on_close(why);
    });
    impl_->connection().connect([&done, state](const result<void>& how) {
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
  impl_->run([this, method = std::move(method), params = std::move(params), done = std::move(done),
              timeout] {
    impl_->connection().call(
        method, params,
        [done](const client_connection::answer& answer) {
          if (!answer) return done(tl::unexpected<error>(answer.error()));
          done(codec::packed(**answer));
        },
        timeout);
  });
}

void rpc_client::notify(std::string method, std::string params) {
  impl_->run([this, method = std::move(method), params = std::move(params)] {
    impl_->connection().notify(method, params);
  });
}

void rpc_client::close() {
  impl_->run([this] { impl_->connection().close(); });
}

bool rpc_client::open() const {
  return impl_->is_open;
}

}  // namespace switchboard::client
